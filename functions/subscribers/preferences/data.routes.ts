import * as z from 'zod';
import { json } from '../../shared/http/answer.ts';
import { routeFor } from '../../shared/http/route.ts';
import { proofOf, shownProof } from '../consent/proof.ts';
import type { SignupPorts } from '../door.ts';
import { deadLink, PERSONAL, pageQuery } from '../pages.ts';
import { choicesOf } from '../subscriber.ts';
import { membershipOf } from './membership.ts';

const route = routeFor<SignupPorts>();

const everything = z.object({
  id: z.string(),
  email: z.string(),
  createdAt: z.string(),
  suppressed: z.object({ because: z.string(), at: z.string() }).nullable(),
  subscriptions: z.array(z.looseObject({ newsletter: z.string(), state: z.string() })),
  confirmationMailsWithoutAnswer: z.int(),
  consent: shownProof,
});

export const dataRoutes = [
  route({
    method: 'GET',
    path: '/preferences/{token}/data',
    access: 'public',
    summary: 'All that is known of a reader, to keep',
    query: pageQuery,
    answers: { 200: { is: 'Everything there is, as a download', schema: everything }, 404: 'The link does not work' },
    work: async (ports, ask) => {
      const membership = await membershipOf(ports, ask);
      if (!membership) return deadLink(ports.house, ask);
      const { subscriber } = membership;
      const { id, address, createdAt, suppressed } = subscriber;
      const known = {
        ...{ id, email: address, createdAt, suppressed },
        subscriptions: subscriber.subscriptions.map((one) => ({
          ...{ newsletter: one.newsletter, state: one.state, ...choicesOf(one) },
          ...{ confirmedAt: one.confirmedAt, leftAt: one.leftAt, earlierCadences: one.history },
          earlierChoices: one.earlierChoices ?? [],
          pauses: one.pauses ?? [],
        })),
        confirmationMailsWithoutAnswer: subscriber.unanswered.mails,
        consent: proofOf(ports.house, subscriber, await ports.subscribers.record(subscriber)),
      };
      return json(200, known, { ...PERSONAL, 'content-disposition': 'attachment; filename="my-data.json"' });
    },
  }),
];
