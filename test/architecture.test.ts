import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The house's rules for files, executed: who may import whom, what a suffix may know, what nobody does. */

const sourcesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
    .sort();

const functionsFiles = sourcesBelow('functions');
const infraFiles = sourcesBelow('infra');

/** The text without comments: a rule that a comment explains is not broken by it. */
const codeOf = (file: string): string =>
  readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1');

/** What a file imports, types included: packages by name, files by their path from the root. */
const importsOf = (file: string): string[] =>
  [...codeOf(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) =>
    name.startsWith('.') ? relative('.', resolve(file, '..', name)) : name,
  );

const roomOf = (file: string): string => file.split('/')[1] ?? '';

/** Every room may import itself and `shared`; beside that: */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  wire: [],
  mail: [],
  border: [],
  ingest: ['wire', 'border'],
  feeds: ['wire', 'border'],
  subscribers: ['mail', 'border'],
  partners: ['wire', 'border', 'mail'],
  digest: ['wire', 'subscribers', 'mail', 'feeds', 'border'],
  feedback: ['digest', 'subscribers'],
  site: ['wire', 'mail', 'border', 'ingest', 'feeds', 'subscribers', 'partners', 'digest', 'feedback'],
  desk: ['wire', 'mail', 'border', 'ingest', 'feeds', 'subscribers', 'partners', 'digest', 'feedback'],
};

describe('who may import whom', () => {
  test('every room has a rule', () => {
    expect([...new Set(functionsFiles.map(roomOf))].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
  });

  test('a room imports itself, shared, and those it may', () => {
    const broken = functionsFiles.flatMap((file) => {
      const may = ['shared', roomOf(file), ...(MAY_IMPORT[roomOf(file)] ?? [])];
      return importsOf(file)
        .filter((name) => name.startsWith('functions/') && !may.includes(roomOf(name)))
        .map((name) => `${file} imports ${name}`);
    });
    expect(broken).toEqual([]);
  });

  test('nothing in functions imports infra or tests', () => {
    const broken = functionsFiles.filter((file) => importsOf(file).some((name) => /^(infra|test)\//.test(name)));
    expect(broken).toEqual([]);
  });

  test('the newsroom’s settings are read through functions/shared/config.ts', () => {
    const readers = [...functionsFiles, ...infraFiles].filter((file) => importsOf(file).includes('newsroom.config.ts'));
    expect(readers).toEqual(['functions/shared/config.ts']);
  });

  test('nothing imports a door but what starts it', () => {
    const importers = functionsFiles.filter((file) => importsOf(file).some((name) => name.endsWith('.lambda.ts')));
    expect(importers).toEqual([]);
  });

  test('the edge’s rules import nothing but their own folder, which imports nothing: they fit a CloudFront Function', () => {
    const own = functionsFiles.filter((file) => file.startsWith('functions/site/edge/'));
    expect(own).not.toEqual([]);
    expect(importsOf('functions/site/edge.ts')).toEqual(own);
    for (const file of [...own, 'functions/site/movedFeeds.ts']) expect([file, importsOf(file)]).toEqual([file, []]);
  });

  test('the rule is not blind: it sees types, re-exports and late imports', () => {
    expect(importsOf('functions/shared/config.ts')).toContain('newsroom.config.ts');
    expect(importsOf('functions/shared/queue.ts')).toContain('zod');
    expect(importsOf('functions/wire/ports.ts')).toContain('functions/shared/time.ts');
  });
});

describe('what a suffix may know', () => {
  const KNOWS_AWS = /\.(dynamo|s3|sqs|ses|lambda)\.ts$/;
  const SDK_OF: Readonly<Record<string, RegExp>> = {
    dynamo: /^@aws-sdk\/(client-dynamodb|util-dynamodb)$/,
    s3: /^@aws-sdk\/(client-s3|s3-request-presigner)$/,
    sqs: /^@aws-sdk\/client-sqs$/,
    ses: /^@aws-sdk\/client-ses$/,
    lambda: /^$/,
  };

  test('a file imports the SDK that its suffix names, and one without a suffix none', () => {
    const broken = functionsFiles.flatMap((file) => {
      const suffix = KNOWS_AWS.exec(file)?.[1] ?? '';
      return importsOf(file)
        .filter((name) => name.startsWith('@aws-sdk/') && !SDK_OF[suffix]?.test(name))
        .map((name) => `${file} imports ${name}`);
    });
    expect(broken).toEqual([]);
  });

  test('DynamoDB’s client is known to the one Table port alone', () => {
    const clients = functionsFiles.filter((file) => importsOf(file).includes('@aws-sdk/client-dynamodb'));
    expect(clients).toEqual(['functions/shared/storage/table.dynamo.ts']);
  });

  test('every function of the topology and no other file is a door', async () => {
    const { functions } = await import('../infra/topology.ts');
    const doors = functionsFiles.filter((file) => file.endsWith('.lambda.ts'));
    expect(doors).toEqual(
      Object.values(functions)
        .map(({ entry }) => entry)
        .sort(),
    );
  });
});

describe('what nobody does', () => {
  const breaking = (pattern: RegExp, ...allowed: string[]): string[] =>
    functionsFiles.filter((file) => !allowed.includes(file) && pattern.test(codeOf(file)));

  test('there are no barrels', () => {
    expect([...functionsFiles, ...infraFiles].filter((file) => basename(file) === 'index.ts')).toEqual([]);
  });

  test('no folder is a drawer for anything', () => {
    const drawers = /(^|\/)(src|lib|utils?|helpers?|common|services?|types|misc)\//;
    expect([...functionsFiles, ...infraFiles, ...sourcesBelow('test')].filter((file) => drawers.test(file))).toEqual(
      [],
    );
  });

  test('only shared/time.ts asks what time it is', () => {
    expect(breaking(/\bDate\.now\(|\bnew Date\(\)/, 'functions/shared/time.ts')).toEqual([]);
  });

  test('only shared/environment.ts reads the environment', () => {
    expect(breaking(/\bprocess\.env\b/, 'functions/shared/environment.ts')).toEqual([]);
  });

  test('nothing asks where it runs', () => {
    expect(breaking(/\b(isLocal\b|isLambda\b|AWS_LAMBDA_|NODE_ENV|AWS_ENDPOINT)/)).toEqual([]);
  });

  test('nothing writes to the log but through shared/log.ts', () => {
    expect(breaking(/\bconsole\.|\bprocess\.std(out|err)\b/, 'functions/shared/log.ts')).toEqual([]);
  });

  test('nothing turns text into code', () => {
    expect(breaking(/\beval\(|\bnew Function\(/)).toEqual([]);
  });
});
