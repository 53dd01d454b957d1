import type { Fault, Rule, When } from '../support/faults/rules.ts';

/** Chance that is the same for the same seed. */
type Random = () => number;

/** Reads change nothing, so it is one whether the answer is lost or the question. */
const READS = /(GetItem|Query|GetObject|HeadObject|ListObjects|GetSendQuota)( |$)/;

/** Where a process can be struck, and how often it passes there. */
export interface Strike {
  readonly at: string;
  readonly when: When;
  readonly times: number;
}

/** Everywhere a process can be struck: each request it makes, before it has its effect and after. */
export const strikesAt = (passed: ReadonlyMap<string, number>): Strike[] =>
  [...passed].sort().flatMap(([at, times]) => {
    const before = { at, when: 'before' as const, times };
    return READS.test(at) ? [before] : [before, { at, when: 'after' as const, times }];
  });

/** Every third of them, beginning where the seed says. */
export const aThird = <T>(points: readonly T[], random: Random): T[] => {
  const first = Math.floor(random() * 3);
  return points.filter((_, i) => i % 3 === first);
};

/** A process is killed (or frozen) at this point once, in the first half of the times it is passed. */
export const striking = ({ at, when, times }: Strike, is: 'kill' | 'freeze', random: Random): Rule => ({
  at: exactly(at),
  nth: 1 + Math.floor(random() * Math.max(1, times / 2)),
  fault: { is, when },
});

const exactly = (point: string): RegExp => new RegExp(`^${point}$`);

/** SES takes the mail, and we do not hear of it. */
export const lostAnswers = (share: number): Rule[] => [
  sesFault(share / 2, { is: 'reset', when: 'after' }),
  sesFault(share / 2, { is: 'error', when: 'after' }),
];

interface Fallen {
  readonly kills: number;
  readonly freezes: number;
}

/** All that can go wrong while an edition is sent, a little of each; `kills` processes die and `freezes` stand still. */
export const storm = (fallen: Fallen): Rule[] => [
  ...lostAnswers(0.04),
  sesFault(0.002, { is: 'hang', when: 'after' }, 3),
  sesFault(0.02, { is: 'throttle' }),
  sesFault(0.01, { is: 'slow', ms: 300 }),
  sesFault(0.01, { is: 'reset', when: 'before' }),
  ...badStores(0.004),
  ...deaths(0.01, fallen),
];

/**
 * All that can go wrong while people do something to the edition: a process dies, and one falls asleep over a page that
 * it has not begun. None sleeps while a mail of its is on the way to SES: that one cannot be called back.
 */
export const stormMidway = (): Rule[] => [
  ...storm({ kills: 1, freezes: 0 }),
  { at: 'DynamoDB PutItem ledger PAGES', share: 0.05, most: 1, fault: { is: 'freeze', when: 'before' } },
];

/** The same while articles come in: fewer requests, so more of them go wrong. */
export const publishingStorm = (fallen: Fallen): Rule[] => [...badStores(0.02), ...deaths(0.02, fallen)];

const badStores = (share: number): Rule[] => [
  { at: /^DynamoDB/, share, fault: { is: 'error', when: 'after' } },
  { at: /^DynamoDB/, share, fault: { is: 'reset', when: 'before' } },
  { at: /^DynamoDB/, share, fault: { is: 'throttle' } },
  { at: /^DynamoDB Put/, share: share * 2, fault: { is: 'repeat' } },
  { at: /^DynamoDB/, share, most: 2, fault: { is: 'hang', when: 'after' } },
  { at: /^S3 Put/, share: 0.1, most: 3, fault: { is: 'error', when: 'after' } },
  { at: /^S3/, share: 0.1, most: 3, fault: { is: 'reset', when: 'before' } },
  { at: /^SQS ReceiveMessage/, share: 0.1, fault: { is: 'twice' } },
  { at: /^SQS ReceiveMessage/, share: 0.1, fault: { is: 'reorder' } },
  { at: /^SQS SendMessageBatch/, share: 0.1, fault: { is: 'repeat' } },
  { at: /^SQS SendMessageBatch/, share: 0.05, fault: { is: 'error', when: 'before' } },
];

const deaths = (share: number, { kills, freezes }: Fallen): Rule[] => [
  { at: /./, share, most: kills, fault: { is: 'kill', when: 'after' } },
  { at: /./, share, most: kills, fault: { is: 'kill', when: 'before' } },
  { at: /Put|Send/, share: share * 2, most: freezes, fault: { is: 'freeze', when: 'before' } },
  { at: /Put|Send/, share: share * 2, most: freezes, fault: { is: 'freeze', when: 'after' } },
];

const sesFault = (share: number, fault: Fault, most?: number): Rule => ({
  at: 'SES SendRawEmail',
  share,
  fault,
  ...(most !== undefined && { most }),
});
