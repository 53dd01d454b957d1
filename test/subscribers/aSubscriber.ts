import { confirm } from '../../functions/subscribers/confirming/confirm.ts';
import { signUp } from '../../functions/subscribers/joining/signUp.ts';
import {
  type Choices,
  type Circumstances,
  newSubscriber,
  type Subscriber,
} from '../../functions/subscribers/subscriber.ts';

export const NEWSLETTER = 'delta-post';
export const START = '2026-05-01T08:00:00.000Z';

export const someChoices = (over: Partial<Choices> = {}): Choices => ({
  languages: ['en'],
  topics: [],
  cadence: 'weekly',
  timeZone: 'Europe/Brussels',
  ...over,
});

export const seenAt = (at: string, over: Partial<Circumstances> = {}): Circumstances => ({
  at,
  language: 'en',
  wording: '2026-11',
  network: '192.0.2.0/24',
  ...over,
});

export const aWish = (at: string, over: Partial<Choices> = {}, newsletter = NEWSLETTER) => ({
  newsletter,
  choices: someChoices(over),
  circumstances: seenAt(at),
});

export const ID = 'a0000000000000000000000000000001';

/** Somebody who has just signed up; the mail is due. */
export const aPendingSubscriber = (over: Partial<Choices> = {}, at = START): Subscriber =>
  signUp(newSubscriber(ID, 'reader@example.org', at), aWish(at, over), at).subscriber;

/** Somebody who signed up and confirmed. */
export const aMember = (over: Partial<Choices> = {}, at = START): Subscriber =>
  confirm(aPendingSubscriber(over, at), { newsletter: NEWSLETTER, round: 1 }, seenAt(at)).subscriber;
