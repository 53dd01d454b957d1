import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SendResult } from '../../functions/mail/mailer.ts';
import { addMs, DAY_MS, HOUR_MS, msOf } from '../../functions/shared/time.ts';
import { confirmAll } from '../../functions/subscribers/confirming/confirm.ts';
import { claimMail, dueSince, questionsDue, settleMail } from '../../functions/subscribers/confirming/mailState.ts';
import { erase, forgotten, isErased, isMute } from '../../functions/subscribers/erasing/erase.ts';
import { type SignUp, signUp } from '../../functions/subscribers/joining/signUp.ts';
import { leave, undoLeaving } from '../../functions/subscribers/leaving/leave.ts';
import { changeChoices } from '../../functions/subscribers/preferences/changeChoices.ts';
import {
  audiencesOf,
  type Choices,
  choicesOf,
  newSubscriber,
  type Subscriber,
  type Suppression,
  subscriberSchema,
} from '../../functions/subscribers/subscriber.ts';
import { subscriptionOf } from '../../functions/subscribers/subscription.ts';
import { suppressed } from '../../functions/subscribers/suppress.ts';
import { ID, NEWSLETTER, START, seenAt, someChoices } from './aSubscriber.ts';

const NEWSLETTERS = [NEWSLETTER, 'harbour'] as const;
type Name = 'erase' | 'forget' | 'signUp' | 'confirm' | 'change' | 'leave' | 'undo' | 'suppress' | 'send' | 'wait';

interface Step {
  readonly name: Name;
  readonly newsletter: string;
  readonly choices: Choices;
  /** Of a confirmation: how many rounds ago its mail was. */
  readonly ago: number;
  readonly because: Exclude<Suppression, 'erased'>;
  /** `undefined`: the sender died between claim and answer. */
  readonly result: SendResult | undefined;
  readonly waitMs: number;
}

const results: (SendResult | undefined)[] = [
  { is: 'sent', messageId: 'm' },
  { is: 'refused', code: 'MessageRejected' },
  { is: 'throttled' },
  { is: 'paused', code: 'quota' },
  { is: 'not-reached', code: 'ECONNREFUSED' },
  { is: 'unknown', code: 'TimeoutError' },
  undefined,
];

const step: fc.Arbitrary<Step> = fc.record({
  name: fc.oneof(
    { weight: 5, arbitrary: fc.constant<Name>('signUp') },
    { weight: 4, arbitrary: fc.constant<Name>('send') },
    { weight: 3, arbitrary: fc.constantFrom<Name>('confirm', 'wait', 'change', 'leave', 'undo') },
    { weight: 1, arbitrary: fc.constantFrom<Name>('confirm', 'wait', 'suppress', 'erase', 'forget') },
  ),
  newsletter: fc.oneof({ weight: 4, arbitrary: fc.constant(NEWSLETTERS[0]) }, fc.constant(NEWSLETTERS[1])),
  choices: fc.record({
    languages: fc.constantFrom(['en'], ['fr', 'en']),
    topics: fc.constantFrom([], ['climate']),
    cadence: fc.constantFrom('daily', 'weekly', 'monthly'),
    timeZone: fc.constant('Europe/Brussels'),
  }),
  ago: fc.constantFrom(0, 0, 0, 1, 2),
  because: fc.constantFrom('bounce', 'complaint'),
  result: fc.constantFrom(...results),
  waitMs: fc.constantFrom(1000, HOUR_MS, 23 * HOUR_MS, DAY_MS, 3 * DAY_MS, 8 * DAY_MS, 31 * DAY_MS),
});

const CERTAINLY_NOT_SENT = new Set<string | undefined>(['throttled', 'paused', 'not-reached']);

/** One life of one address, as its owner, strangers with its address, SES and the sender make it. */
class Life {
  subscriber: Subscriber = newSubscriber(ID, 'reader@example.org', START);
  now = START;
  outcome = '';
  /** What each mailed link said it would confirm. */
  readonly mailed = new Map<string, Choices>();
  /** The links of the mails: what each answers. */
  readonly links: { newsletter: string; round: number }[][] = [];
  /** When mails may have reached the inbox, and when the owner clicked on anything. */
  readonly mails: { at: string }[] = [];
  readonly asks: string[] = [];
  readonly clicks: { newsletter: string; at: string }[] = [];

  live(step: Step): void {
    this.now = addMs(this.now, 1000);
    const { is, subscriber } = this.move(step);
    this.outcome = is;
    this.subscriber = subscriber;
  }

  private move(step: Step): { is: string; subscriber: Subscriber } {
    const { newsletter, choices } = step;
    const circumstances = seenAt(this.now);
    switch (step.name) {
      case 'signUp': {
        const outcome = this.signUp({ newsletter, choices, circumstances });
        if (
          this.mailState(outcome.subscriber, newsletter) === 'due' &&
          this.mailState(this.subscriber, newsletter) !== 'due'
        )
          this.asks.push(this.now);
        return outcome;
      }
      case 'confirm': {
        const link = this.links.at(-1 - step.ago);
        if (!link) return { is: 'no-mail', subscriber: this.subscriber };
        return this.confirmed(link, confirmAll(this.subscriber, link, circumstances));
      }
      case 'change':
        return this.clicked(newsletter, changeChoices(this.subscriber, newsletter, choices, circumstances));
      case 'leave':
        return this.clicked(newsletter, leave(this.subscriber, newsletter, circumstances));
      case 'undo':
        return this.clicked(newsletter, undoLeaving(this.subscriber, newsletter, circumstances));
      case 'suppress':
        return suppressed(this.subscriber, step.because, this.now);
      case 'erase':
        return erase(this.subscriber, circumstances, 'reader');
      case 'forget':
        return { is: 'forgotten', ...forgotten(this.subscriber, this.now) };
      case 'send':
        return this.send(step);
      case 'wait':
        this.now = addMs(this.now, step.waitMs);
        return { is: 'waited', subscriber: this.subscriber };
    }
  }

  private signUp(wish: SignUp): { is: string; subscriber: Subscriber } {
    const { is, subscriber } = signUp({ ...this.subscriber, address: 'reader@example.org' }, wish, this.now);
    return { is, subscriber: is === 'nothing' ? this.subscriber : subscriber };
  }

  private clicked<T extends { is: string; subscriber: Subscriber }>(newsletter: string, outcome: T): T {
    if (outcome.subscriber !== this.subscriber) this.clicks.push({ newsletter, at: this.now });
    return outcome;
  }

  private confirmed(link: { newsletter: string; round: number }[], outcome: ReturnType<typeof confirmAll>) {
    for (const { newsletter, round } of link) {
      const [was, now] = [this.subscriber, outcome.subscriber].map((one) => subscriptionOf(one, newsletter));
      if (!outcome.confirmed.includes(newsletter)) {
        expect(now, 'what is not confirmed stays as it is').toBe(was);
        continue;
      }
      expect(now && choicesOf(now), 'a link confirms what its mail said').toEqual(
        this.mailed.get(`${newsletter} ${round}`),
      );
      this.clicks.push({ newsletter, at: this.now });
    }
    return outcome;
  }

  private send({ result }: Step): { is: string; subscriber: Subscriber } {
    const due = questionsDue(this.subscriber, this.now);
    if (due.length === 0) return { is: 'nothing-due', subscriber: this.subscriber };
    for (const { newsletter, asked } of due) {
      if (!asked) throw new Error('Nothing is asked.');
      const link = `${newsletter} ${asked.round}`;
      const before = this.mailed.get(link);
      if (before) expect(asked.choices, 'two mails of one round say the same').toEqual(before);
      this.mailed.set(link, asked.choices);
    }
    this.links.push(due.map(({ newsletter, round }) => ({ newsletter, round })));
    if (!CERTAINLY_NOT_SENT.has(result?.is)) this.mails.push({ at: this.now });
    const claimed = claimMail(this.subscriber, 'claim', this.now);
    if (!result) return { is: 'died', subscriber: claimed };
    expect(settleMail(claimed, { claim: 'another', result, now: this.now }).is).toBe('not-ours');
    return settleMail(claimed, { claim: 'claim', result, now: this.now });
  }

  private mailState = (subscriber: Subscriber, newsletter: string): string | undefined =>
    subscriptionOf(subscriber, newsletter)?.asked?.mail.state;
}

/** After each step of every life. */
const everyStep = (check: (life: Life, before: Subscriber, step: Step) => void): void =>
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const life = new Life();
      for (const one of steps) {
        const before = life.subscriber;
        life.live(one);
        check(life, before, one);
      }
    }),
    { numRuns: 300 },
  );

const stateOf = (subscriber: Subscriber, newsletter: string): string =>
  subscriptionOf(subscriber, newsletter)?.state ?? 'none';

/** Who may bring a subscription from one state into another. */
const LEGAL: Readonly<Record<string, readonly Name[]>> = {
  'none pending': ['signUp'],
  'pending active': ['confirm'],
  'active left': ['leave'],
  'left active': ['confirm', 'change', 'undo'],
  // Of an erased reader nothing is left; one who was asked afresh and did not answer, or bounced, is forgotten again.
  'pending none': ['erase', 'forget', 'suppress'],
  'active none': ['erase'],
  'left none': ['erase'],
};

test('a subscription makes only the moves there are, each by the one who may make it', () => {
  everyStep((life, before, { name, newsletter }) => {
    for (const one of NEWSLETTERS) {
      const move = [stateOf(before, one), stateOf(life.subscriber, one)];
      if (move[0] === move[1]) continue;
      expect(LEGAL[move.join(' ')], move.join(' → ')).toContain(name);
      // A link may answer for several newsletters; everything else is about one.
      if (move[1] !== 'none' && name !== 'confirm') expect(one).toBe(newsletter);
    }
  });
});

test('whatever happens, what is kept can be read back', () => {
  everyStep((life) => {
    expect(subscriberSchema.parse(life.subscriber)).toEqual(life.subscriber);
  });
});

test('a form that anybody can fill in never changes what a reader gets', () => {
  everyStep((life, before, { name, newsletter }) => {
    const was = subscriptionOf(before, newsletter);
    if (name !== 'signUp' || !was || was.state === 'pending') return;
    const { asked: _, round: __, ...rest } = was;
    expect(subscriptionOf(life.subscriber, newsletter)).toMatchObject(rest);
    expect(audiencesOf(life.subscriber)).toEqual(audiencesOf(before));
  });
});

test('a reader who bounced or complained is never asked, never sent an edition, and never let off', () => {
  everyStep((life, before) => {
    if (!isMute(before)) return;
    const { subscriber } = life;
    expect(isMute(subscriber)).toBe(true);
    const [was, is] = [before, subscriber].map(({ suppressed: s }) => s?.formerly ?? s?.because);
    if (was === 'complaint') expect(is).toBe('complaint');
    expect(questionsDue(subscriber, life.now)).toEqual([]);
    expect(dueSince(subscriber)).toBeUndefined();
    expect(audiencesOf(subscriber)).toEqual([]);
    expect(subscriber.subscriptions.every(({ asked }) => asked === null)).toBe(true);
  });
});

test('an erased reader stays erased until a click of his own, and his address is known only while a question is open', () => {
  everyStep(({ subscriber, now }, before, { name }) => {
    if (isErased(before) && !isErased(subscriber)) expect(name).toBe('confirm');
    if (!isErased(subscriber)) return;
    expect(audiencesOf(subscriber)).toEqual([]);
    expect(subscriber.address === '').toBe(subscriber.subscriptions.length === 0);
    expect(JSON.stringify(subscriber.address === '' ? subscriber : {})).not.toContain('reader@example.org');
    if (subscriber.address !== '') expect(dueSince(subscriber)).toBeDefined();
    // Three days after the last mail at the latest, whoever looks forgets it; one that is still to be sent is waited for.
    const later = forgotten(subscriber, addMs(now, 3 * DAY_MS)).subscriber;
    if (!subscriber.subscriptions.some(({ asked }) => asked?.mail.state === 'due')) expect(later.address).toBe('');
  });
});

test('at most one mail a day asks for confirmation, whatever for, unless the reader acted in between', () => {
  everyStep((life, _, { name }) => {
    const [last, earlier] = [life.mails.at(-1), life.mails.at(-2)];
    if (name !== 'send' || !last || !earlier) return;
    const acted = life.clicks.some(({ at }) => at >= earlier.at && at <= last.at);
    if (!acted) expect(msOf(last.at) - msOf(earlier.at)).toBeGreaterThanOrEqual(DAY_MS);
  });
});

test('at most three questions stay without an answer, until they are forgotten after thirty days', () => {
  everyStep((life, _, { name }) => {
    if (name !== 'signUp') return;
    const proofs = life.subscriber.consent.filter(({ what }) => ['joined', 'changed', 'rejoined'].includes(what));
    const since = proofs.at(-1)?.circumstances.at ?? '';
    let inARow = 0;
    let last = '';
    for (const at of life.asks.filter((ask) => ask > since)) {
      inARow = last !== '' && msOf(at) - msOf(last) >= 30 * DAY_MS ? 1 : inARow + 1;
      last = at;
      expect(inARow).toBeLessThanOrEqual(3);
    }
  });
});

test('a stranger who fills in the form every hour causes three mails, and three more after thirty days of rest', () => {
  const life = new Life();
  const every: Step = {
    ...{ name: 'signUp', newsletter: NEWSLETTER, choices: someChoices(), ago: 0, because: 'bounce' },
    ...{ result: { is: 'sent', messageId: 'm' }, waitMs: HOUR_MS },
  };
  const mailsBy = (days: number): number => {
    while (msOf(life.now) < msOf(START) + days * DAY_MS)
      for (const name of ['signUp', 'send', 'wait'] as const) life.live({ ...every, name });
    return life.mails.length;
  };
  expect([0.1, 1.2, 2.2, 20, 31].map(mailsBy)).toEqual([1, 2, 3, 3, 3]);
  expect([33, 34, 35, 60].map(mailsBy)).toEqual([4, 5, 6, 6]);
});

test('only somebody who never confirmed is ever forgotten', () => {
  everyStep(({ subscriber }) => {
    const known = subscriber.suppressed !== null || subscriber.subscriptions.some(({ state }) => state !== 'pending');
    if (known) expect(subscriber.expiresAt).toBeNull();
    else if (subscriber.subscriptions.length > 0) expect(subscriber.expiresAt).not.toBeNull();
  });
});

test('the record of consent only grows, and has a line for every change of what is in force', () => {
  everyStep((life, before, { name, newsletter }) => {
    const { subscriber } = life;
    expect(subscriber.consent.slice(0, before.consent.length)).toEqual(before.consent);
    const said = JSON.stringify([audiencesOf(subscriber), stateOf(subscriber, newsletter), subscriber.suppressed]);
    const saidBefore = JSON.stringify([audiencesOf(before), stateOf(before, newsletter), before.suppressed]);
    // What was never confirmed was never in force: to ask, or to forget having asked, is no change of it.
    const never = ['none', 'pending'];
    const onlyAsked =
      never.includes(stateOf(before, newsletter)) &&
      never.includes(stateOf(subscriber, newsletter)) &&
      before.suppressed?.because === subscriber.suppressed?.because;
    const answered = NEWSLETTERS.filter(
      (one) => subscriptionOf(subscriber, one)?.confirmedRound !== subscriptionOf(before, one)?.confirmedRound,
    );
    const lines = name === 'confirm' ? answered.length : 1;
    if (said !== saidBefore && !onlyAsked) expect(subscriber.consent.length).toBe(before.consent.length + lines);
  });
});

test('the history of cadences is short, in order, and ends before now', () => {
  everyStep((life, _, { newsletter }) => {
    const history = subscriptionOf(life.subscriber, newsletter)?.history ?? [];
    expect(history.length).toBeLessThanOrEqual(10);
    const ends = history.map(({ until }) => until);
    expect(ends).toEqual([...ends].sort());
    expect(ends.every((until) => until <= life.now)).toBe(true);
  });
});
