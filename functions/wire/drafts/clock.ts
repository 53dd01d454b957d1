import { unreachable } from '../../shared/errors.ts';
import { errorFields, log } from '../../shared/log.ts';
import { addMs, HOUR_MS, type Instant } from '../../shared/time.ts';
import type { Appender } from '../append/append.ts';
import type { DueRow } from './drafts.ts';
import { claim, type DraftPorts, publishDraft } from './publishDraft.ts';

export interface ClockPorts extends DraftPorts {
  readonly appender: Appender;
  readonly now: () => Instant;
}

interface Rung {
  readonly published: number;
  readonly expired: number;
}

/** A row that leads nowhere may belong to a draft that is being written just now, so it stays this long. */
const GRACE_MS = HOUR_MS;

/**
 * Time becomes entries: what is due is published, what is over expires. Each time everything is decided again from
 * what is there, so a ring that is early, late, doubled or for something cancelled does nothing.
 */
export const ringClock = async (ports: ClockPorts): Promise<Rung> => {
  // What a dead writer has left half done is finished here, if nobody else comes to write.
  await ports.appender.catchUp();
  const moment = ports.now();
  const total = { published: 0, expired: 0 };
  let failed = 0;
  let page = await ports.drafts.due(moment, undefined);
  for (; page.length > 0; page = await ports.drafts.due(moment, page.at(-1))) {
    for (const row of page) {
      try {
        const { published, expired } = await ringFor(ports, row, moment);
        total.published += published;
        total.expired += expired;
      } catch (error) {
        // One that fails must not hold up the others. It stays due, and the failure is thrown at the end.
        failed += 1;
        log.error('wire.due-failed', { id: row.id, what: row.what, ...errorFields(error) });
      }
    }
  }
  if (failed > 0) throw new Error(`${failed} of what was due failed and stays due.`);
  return total;
};

const NOTHING: Rung = { published: 0, expired: 0 };

const ringFor = (ports: ClockPorts, row: DueRow, moment: Instant): Promise<Rung> => {
  switch (row.what) {
    case 'draft':
      return ringForDraft(ports, row, moment);
    case 'article':
      return ringForArticle(ports, row);
    default:
      return unreachable(row);
  }
};

const ringForDraft = async (ports: ClockPorts, row: DueRow, moment: Instant): Promise<Rung> => {
  const draft = await ports.drafts.find(row.id);
  if (!draft || draft === 'gone' || (!draft.claimed && draft.dueAt > moment)) {
    if (row.at < addMs(moment, -GRACE_MS)) await ports.drafts.forgetDue(row);
    return NOTHING;
  }
  const claimed = await claim(ports, draft);
  // Somebody changed it in this very moment; the row stays, and the next ring looks again.
  if (!claimed) return NOTHING;
  const { entry } = await publishDraft(ports, claimed);
  await ports.drafts.forgetDue(row);
  return { published: entry && entry.kind !== 'aliased' ? 1 : 0, expired: 0 };
};

const ringForArticle = async (ports: ClockPorts, row: DueRow & { what: 'article' }): Promise<Rung> => {
  const { entry, facts } = await ports.appender.append({ is: 'expire', id: row.id });
  // The row is done with once what was decided upon is at least as new as the entry that made it.
  if (entry || (facts.current && facts.current.seq >= row.seq)) await ports.drafts.forgetDue(row);
  return { published: 0, expired: entry ? 1 : 0 };
};
