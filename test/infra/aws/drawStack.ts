import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll } from 'vitest';
import { z } from 'zod';
import { each } from '../../../infra/aws/each.ts';
import { Courant, type CourantProps } from '../../../infra/aws/stack.ts';
import { functions } from '../../../infra/topology.ts';

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

const SITE_URL = 'https://news.example.org';
export const SENDER = 'news@example.org';
export const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/7d2f5f0c-0000-4000-8000-000000000000';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
});

/** The stack with functions that do nothing: what is drawn around them is what these tests are about. */
export const drawStack = (over: Partial<CourantProps> = {}): { app: App; stack: Stack } => {
  const directory = mkdtempSync(join(tmpdir(), 'courant-stack-'));
  made.push(directory);
  const code = join(directory, 'code');
  mkdirSync(code);
  writeFileSync(join(code, 'index.cjs'), 'exports.handler = async () => {};\n');
  const { context } = cdkJson.parse(JSON.parse(readFileSync('cdk.json', 'utf8')));
  const app = new App({ outdir: join(directory, 'cdk.out'), context });
  const stack = new Courant(app, 'Courant', {
    siteUrl: SITE_URL,
    senderAddress: SENDER,
    version: '1.2.3',
    bundles: each(functions, () => code),
    templatesLayer: code,
    edgeCode: 'function handler(event) { return event.request; }',
    certificateArn: undefined,
    alarmsTo: undefined,
    ...over,
  });
  return { app, stack };
};

/** Synthesises under the AwsSolutions checks, as `npm run synth` does: throws on a finding. */
export const checkedSynth = ({ app }: { app: App }): string => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app.synth().directory;
};

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});
export type Resource = z.output<typeof resourceSchema>;

const templateSchema = z.object({ Resources: z.record(z.string(), resourceSchema) });

/** All resources of the stack by logical id. */
export const resourcesOf = (over: Partial<CourantProps> = {}): Record<string, Resource> =>
  templateSchema.parse(Template.fromStack(drawStack(over).stack).toJSON()).Resources;
