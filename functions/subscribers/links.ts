import type { Instant } from '../shared/time.ts';
import { keysAsNeeded, type TokenKeys } from '../shared/tokenKeys.ts';
import { type Over, readOver } from './leaving/over.ts';
import { type Claim, keyIdOf, makeToken, type Purpose, readToken } from './token.ts';

/** Makes and reads the tokens of links, with the keys there are at that moment. */
export interface Links {
  make(claim: Claim): Promise<string>;
  read(purpose: Purpose, token: string): Promise<ReturnType<typeof readToken>>;
  /** What the mark behind a token says; it was signed with the token, by the same key. */
  over(mark: string): Promise<Over | undefined>;
}

export const linksOf = (load: () => Promise<TokenKeys>, now: () => Instant): Links => {
  const keysFor = keysAsNeeded(load, now);
  return {
    make: async (claim) => makeToken(await keysFor(), claim),
    read: async (purpose, token) => readToken(await keysFor(keyIdOf(token)), purpose, token, now()),
    over: async (mark) => readOver(await keysFor(), mark),
  };
};
