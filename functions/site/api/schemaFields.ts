import type { JsonSchema } from './openapi.ts';

/** One line of a table that explains a JSON body. */
export interface Field {
  /** Where it stands, as `authors[].name`. */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly about: string;
}

type Part = JsonSchema | boolean;

/** A schema of an object as lines, parents before their children. Alternatives stand one after the other. */
export const fieldsOf = (schema: Part, prefix = ''): Field[] => {
  if (typeof schema === 'boolean') return [];
  const alternatives = (schema.anyOf ?? schema.oneOf ?? []).flatMap((one) => fieldsOf(one, prefix));
  const items = schema.items === undefined || Array.isArray(schema.items) ? [] : fieldsOf(schema.items, `${prefix}[]`);
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    return [fieldOf(name, child, (schema.required ?? []).includes(key)), ...fieldsOf(child, name)];
  });
  return distinct([...own, ...items, ...alternatives]);
};

const fieldOf = (name: string, schema: Part, required: boolean): Field => ({
  name,
  type: typeOf(schema),
  required,
  about: typeof schema === 'boolean' ? '' : (schema.description ?? ''),
});

export const typeOf = (schema: Part): string => {
  if (typeof schema === 'boolean') return 'anything';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return [...new Set(alternatives.map(typeOf))].join(' or ');
  if (schema.type === 'array')
    return `list of ${Array.isArray(schema.items) ? 'values' : typeOf(schema.items ?? true)}`;
  return [schema.type ?? 'anything', schema.format].filter(Boolean).join(', ');
};

/** A field that several alternatives have is told once. */
const distinct = (fields: readonly Field[]): Field[] => [
  ...new Map(fields.map((field) => [field.name, field])).values(),
];
