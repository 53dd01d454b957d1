import { type EditionAnswer, editionAnswer, progressLine, refusalLines, summary } from './line.ts';

/** The exit codes of `npm run send`. */
export const EXIT = { complete: 0, failed: 1, misused: 2, waitsForAPerson: 3, interrupted: 130 } as const;

export interface Newsroom {
  /** Calls the newsroom API; throws an `Error` that a person can read. */
  call(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>;
}

export interface Terminal {
  /** A line that the next one replaces. */
  progress(line: string): void;
  say(line: string): void;
}

interface Following {
  readonly newsroom: Newsroom;
  readonly terminal: Terminal;
  readonly sleep: (ms: number) => Promise<void>;
  /** It waits in `ready` until somebody approves it. */
  readonly needsApproval: boolean;
}

const LOOK_EVERY_MS = 1000;
/** So often in a row the newsroom may be out of reach. */
const MOST_FAILURES = 30;

/** Shows how far an edition is until it is over or a person has to do something; gives the exit code. */
export const follow = async (following: Following, id: string): Promise<number> => {
  let failures = 0;
  for (;;) {
    try {
      const edition = editionAnswer.parse(await following.newsroom.call('GET', `/api/v1/editions/${id}`));
      failures = 0;
      const code = show(following, edition);
      if (code !== undefined) return code;
    } catch (error) {
      // The newsroom may be started anew meanwhile: the edition goes on without anybody who looks.
      if (++failures >= MOST_FAILURES) throw error;
    }
    await following.sleep(LOOK_EVERY_MS);
  }
};

const show = ({ terminal, needsApproval }: Following, edition: EditionAnswer): number | undefined => {
  terminal.progress(progressLine(edition));
  const { id, state, pausedBecause = '' } = edition;
  switch (state) {
    case 'complete':
      terminal.say(`Complete: ${summary(edition)}`);
      if (edition.deliveries.failed + edition.deliveries.unknown > 0)
        terminal.say(`Those who are missing: POST /api/v1/editions/${id}/retry`);
      return EXIT.complete;
    case 'cancelled':
    case 'superseded':
      terminal.say(`It was ${state}: ${summary(edition)}`);
      return EXIT.failed;
    case 'held':
      for (const line of heldLines(edition)) terminal.say(line);
      return EXIT.waitsForAPerson;
    case 'ready':
      if (!needsApproval) return undefined;
      terminal.say(`It waits for an approval: POST /api/v1/editions/${id}/approve`);
      return EXIT.waitsForAPerson;
    case 'paused':
      if (!NEEDS_A_PERSON.has(pausedBecause)) return undefined;
      terminal.say(`It has stopped (${pausedBecause}): ${summary(edition)} To go on: POST /api/v1/editions/${id}/send`);
      return EXIT.waitsForAPerson;
    default:
      return undefined;
  }
};

const heldLines = (edition: EditionAnswer): string[] => {
  const refusals = refusalLines(edition);
  const why = refusals.length > 0 ? ['It is held, because its pre-flight refused it:', ...refusals] : ['It is held.'];
  return [...why, `To send it all the same: POST /api/v1/editions/${edition.id}/send`];
};

/** What the API calls these; other pauses end by themselves. */
const NEEDS_A_PERSON = new Set(['person', 'TooManyBounces', 'TooManyComplaints', 'EverybodyRefused']);
