import type { Instant } from '../../shared/time.ts';
import type { Content } from '../article.ts';
import { type Identity, identitiesOf } from './identity.ts';
import type { LoggedEntry } from './logged.ts';

/** What somebody wants of the wire. */
export type Wish = Publish | Revise | Retract | Expire;

export interface Publish {
  readonly is: 'publish';
  /** The article's id if it is new. */
  readonly newId: string;
  readonly content: Content;
  readonly undated: boolean;
  readonly identities: readonly Identity[];
  readonly version: number;
  readonly announce: boolean | undefined;
  readonly correction?: string | undefined;
  /** Not public before this moment, if it is not public already. */
  readonly dueAt: Instant | null;
  /** Only as a draft: an article that is out is not to be changed by this. */
  readonly unfinished: boolean;
  /** A draft whose moment has come: no other draft is asked about. */
  readonly fromDraft: boolean;
}

export interface Revise {
  readonly is: 'revise';
  readonly id: string;
  readonly content: Content;
  readonly undated: boolean;
  readonly unfinished: boolean;
  readonly ifRevision: number | undefined;
  readonly announce: boolean | undefined;
  /** What this revision puts right, for readers. */
  readonly correction?: string | undefined;
}

export interface Retract {
  readonly is: 'retract';
  readonly id: string;
  readonly reason: string;
}

export interface Expire {
  readonly is: 'expire';
  readonly id: string;
}

/** What the wire knows that bears on a wish. All of it read after the tail, consistently. */
export interface Facts {
  readonly current: LoggedEntry | undefined;
  /** Every identity that was looked up, and which article owns it; `undefined`: none does. */
  readonly owners: ReadonlyMap<Identity, string | undefined>;
  /** The draft that is known under one of the wish's identities. */
  readonly draftId: string | undefined;
}

/** The names under which a wish's content would be found again. An edit has no name of the sender's. */
export const namesOf = (wish: Publish | Revise): readonly Identity[] =>
  wish.is === 'publish' ? wish.identities : identitiesOf({ source: '', externalId: null, content: wish.content });

/** Whether an entry changes anything that was decided upon: then the decision must be made again. */
export const touches = (entry: LoggedEntry, wish: Wish, facts: Facts): boolean =>
  entry.article.id === (facts.current?.article.id ?? idOf(wish)) ||
  entry.identities.some((identity) => facts.owners.has(identity));

const idOf = (wish: Wish): string => (wish.is === 'publish' ? wish.newId : wish.id);
