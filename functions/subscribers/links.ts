import { addMs, type Instant, SECOND_MS } from '../shared/time.ts';
import type { TokenKeys } from '../shared/tokenKeys.ts';
import { type Claim, keyIdOf, makeToken, type Purpose, readToken } from './token.ts';

/** Makes and reads the tokens of links, with the keys there are at that moment. */
export interface Links {
  make(claim: Claim): Promise<string>;
  read(purpose: Purpose, token: string): Promise<ReturnType<typeof readToken>>;
}

/** A token that names a key not seen yet makes a warm function look again, but not for every forgery. */
const BETWEEN_LOOKS_MS = 10 * SECOND_MS;

export const linksOf = (load: () => Promise<TokenKeys>, now: () => Instant): Links => {
  let known: { keys: TokenKeys; nextLook: Instant } | undefined;
  const look = async (): Promise<TokenKeys> => {
    known = { keys: await load(), nextLook: addMs(now(), BETWEEN_LOOKS_MS) };
    return known.keys;
  };
  const keysFor = async (token?: string): Promise<TokenKeys> => {
    if (!known) return look();
    const keyId = token === undefined ? undefined : keyIdOf(token);
    const unknown = keyId !== undefined && !known.keys.byId.has(keyId);
    return unknown && now() >= known.nextLook ? look() : known.keys;
  };
  return {
    make: async (claim) => makeToken(await keysFor(), claim),
    read: async (purpose, token) => readToken(await keysFor(token), purpose, token, now()),
  };
};
