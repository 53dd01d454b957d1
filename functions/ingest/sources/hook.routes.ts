import * as z from 'zod';
import { InvalidInput } from '../../shared/errors.ts';
import { json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';
import { hookOf } from '../hooks/hook.ts';
import type { SourcesDesk } from './ports.ts';

/** What it takes to say how a CMS tells us that something has changed. */
export interface HookDesk extends SourcesDesk {
  readonly hookKeys: () => Promise<TokenKeys>;
  readonly siteUrl: string;
}

const shown = z.object({
  url: z.string().describe('For Ghost: the target of webhooks for post.published and post.published.edited.'),
  secret: z.string().describe('For Ghost: the secret of these webhooks.'),
  ringUrl: z.string().describe('For everything else: whatever is posted here, the source is looked at now.'),
});

export const hookRoute = routeFor<HookDesk>()({
  method: 'GET',
  path: '/api/v1/sources/{id}/hook',
  access: 'newsroom',
  summary: 'How a CMS tells at once',
  description:
    'Ghost signs its webhooks, and the post in them is taken at once. In WordPress, `ringUrl` is an update service (Settings → Writing): each ' +
    'publication rings, and the source is looked at.',
  answers: {
    200: { is: 'Addresses and secret of this source.', schema: shown },
    401: 'The newsroom key is missing or wrong.',
    404: 'There is no such source.',
  },
  work: async ({ sources, hookKeys, siteUrl }, { params }) => {
    const id = params['id'] ?? '';
    if (!(await sources.find(id))) throw new InvalidInput('There is no such source.', { field: 'id', status: 404 });
    return json(200, hookOf(await hookKeys(), id, siteUrl), { 'cache-control': 'no-store' });
  },
});
