import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { movedTopics } from '../../functions/shared/config/topics.ts';
import { loadNewsroom } from '../../functions/shared/config.ts';
import { buildTemplates } from '../templates.ts';
import { type Bundle, bundleEdge, bundleFunctions, EDGE_ENTRY } from './bundle.ts';
import { each } from './each.ts';
import { settingsOf } from './settings.ts';
import { Courant } from './stack.ts';

/** `npm run synth` and `npm run deploy` run this: bundle, build the templates, draw the stack, check it. */
const directory = await mkdtemp(join(tmpdir(), 'courant-aws-'));
const newsroom = await loadNewsroom();
const [bundles, edgeCode] = await Promise.all([
  bundleFunctions(join(directory, 'functions')),
  bundleEdge(EDGE_ENTRY, movedTopics(newsroom)),
  buildTemplates(join(directory, 'layer/templates')),
]);
const { version }: { version: string } = JSON.parse(
  await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
);

const app = new App();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new Courant(app, 'Courant', {
  description: `Courant: the wire of ${newsroom.name}`,
  env: placeOf(process.env),
  ...settingsOf((key) => app.node.tryGetContext(key)),
  siteUrl: newsroom.siteUrl.replace(/\/+$/, ''),
  senderAddress: newsroom.sender.address,
  version,
  bundles: each(bundles, (_, bundle: Bundle) => bundle.directory),
  templatesLayer: join(directory, 'layer'),
  edgeCode,
});
app.synth();
// What Lambda gets has been copied to cdk.out by now.
await rm(directory, { recursive: true });

/** The account and region of whoever deploys; without them the template fits any. */
function placeOf({ CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region }: NodeJS.ProcessEnv) {
  return { ...(account && { account }), ...(region && { region }) };
}
