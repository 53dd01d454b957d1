import type { JsonSchema } from './openapi.ts';

/** One line of a table that explains a JSON body. */
export interface Field {
  /** Where it stands, as `authors[].name`. */
  readonly name: string;
  readonly type: string;
  readonly needed: 'yes' | 'no' | 'one of these';
  readonly about: string;
}

type Part = JsonSchema | boolean;

/** A schema of an object as lines, parents before their children. Alternatives stand one after the other. */
export const fieldsOf = (schema: Part, prefix = ''): Field[] => {
  if (typeof schema === 'boolean') return [];
  const alternatives = alternativesOf((schema.anyOf ?? schema.oneOf ?? []).map((one) => fieldsOf(one, prefix)));
  const items = schema.items === undefined || Array.isArray(schema.items) ? [] : fieldsOf(schema.items, `${prefix}[]`);
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    const needed = (schema.required ?? []).includes(key) ? 'yes' : 'no';
    return [fieldOf(name, child, needed), ...fieldsOf(child, name)];
  });
  return distinct([...own, ...items, ...alternatives]);
};

/** What only some alternatives need, a sender may choose among. */
const alternativesOf = (each: readonly Field[][]): Field[] => {
  const told = each.filter((fields) => fields.length > 0);
  const inAll = ({ name }: Field): boolean => told.every((fields) => fields.some((one) => one.name === name));
  return told
    .flat()
    .map((field) => (field.needed === 'yes' && !inAll(field) ? { ...field, needed: 'one of these' } : field));
};

const fieldOf = (name: string, schema: Part, needed: Field['needed']): Field => ({
  name,
  type: typeOf(schema),
  needed,
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
