import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { capital } from '../../../infra/aws/each.ts';
import { type FunctionName, functions } from '../../../infra/topology.ts';
import { resourcesOf } from './drawStack.ts';

/** A run on this machine has one environment for all functions, so only this test sees what one of them lacks on AWS. */

const resources = Object.entries(resourcesOf());
const variables = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });

const givenTo = (name: string): string[] => {
  const [, found] =
    resources.find(
      ([id, { Type }]) =>
        Type === 'AWS::Lambda::Function' && new RegExp(`^Functions${capital(name)}[0-9A-F]{8}$`).test(id),
    ) ?? [];
  return Object.keys(variables.parse(found?.Properties).Environment.Variables);
};

/** The variables that a file and everything it imports ask for by name. */
const askedBy = (file: string, seen = new Set<string>()): Set<string> => {
  const asked = new Set<string>();
  if (seen.has(file)) return asked;
  seen.add(file);
  const code = readFileSync(file, 'utf8');
  for (const [, name = ''] of code.matchAll(/\benvironment\('([A-Z_]+)'\)/g)) asked.add(name);
  for (const [, path = ''] of code.matchAll(/^(?:import|export) (?!type)[^;]*? from '(\.[^']+)'/gm)) {
    for (const name of askedBy(relative('.', resolve(file, '..', path)), seen)) asked.add(name);
  }
  return asked;
};

test.each(Object.entries(functions) as [FunctionName, { entry: string }][])(
  '%s gets every variable that it asks for, and every store that it is granted is asked for',
  (name, { entry }) => {
    const given = givenTo(name);
    const asked = askedBy(entry);
    expect([...asked].filter((variable) => !given.includes(variable))).toEqual([]);
    const stores = given.filter((variable) => /^(TABLE|BUCKET|QUEUE)_/.test(variable));
    expect(stores.filter((variable) => !asked.has(variable))).toEqual([]);
  },
);

test('on AWS no function may ask an address of a network of its own', () => {
  expect(Object.keys(functions).filter((name) => givenTo(name).includes('FETCH_ALLOW'))).toEqual([]);
});
