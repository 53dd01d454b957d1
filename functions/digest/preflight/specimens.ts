import type { Instant } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';
import { makeToken, NOBODY, preferencesUrl, unsubscribeUrl } from '../../subscribers/token.ts';
import { composeFor } from '../composing/compose.ts';
import { layOut } from '../composing/layout.ts';
import type { Pieces } from '../composing/pieces.ts';

/** A mail to nobody: as a reader of this language would get it. */
export interface Specimen {
  readonly language: string;
  /** He reads no other. */
  readonly alone: boolean;
  readonly raw: Buffer;
}

interface Making {
  readonly siteUrl: string;
  readonly linkKeys: TokenKeys;
  readonly now: Instant;
  /** The lowest bound of its readers. */
  readonly after: number;
}

/**
 * Two mails for each language: to somebody who reads it alone, and to somebody who reads all, this one best. Both want
 * every topic, so theirs are the longest. A language that has nothing to tell is missing.
 */
export const specimensOf = (pieces: Pieces, { after, ...making }: Making): Specimen[] => {
  const all = [...pieces.shells.keys()];
  return all.flatMap((language) =>
    [[language], [language, ...all.filter((one) => one !== language)]].flatMap((languages) => {
      const choice = layOut(pieces, { languages, topics: [], after });
      return choice && choice.language === language
        ? [{ language, alone: languages.length === 1, raw: composeFor(pieces, choice, personalOf(pieces, making)) }]
        : [];
    }),
  );
};

/** An address as long as they come (RFC 5321 section 4.5.3.1), and links that concern nobody. */
const personalOf = (pieces: Pieces, { siteUrl, linkKeys, now }: Omit<Making, 'after'>) => ({
  to: `${'r'.repeat(64)}@${'reader.'.repeat(25)}example`,
  date: now,
  messageId: `${'0'.repeat(32)}@${domainOf(pieces)}`,
  delivery: 'preflight',
  unsubscribeUrl: linkForNobody(linkKeys, siteUrl, pieces),
  preferencesUrl: preferencesUrl(
    siteUrl,
    makeToken(linkKeys, { purpose: 'preferences', subscriber: NOBODY, newsletter: pieces.newsletter }),
  ),
});

/** A link for leaving, made as every other, of a subscriber who does not exist: pressing it changes nothing. */
export const linkForNobody = (linkKeys: TokenKeys, siteUrl: string, { newsletter }: Pieces): string =>
  unsubscribeUrl(siteUrl, makeToken(linkKeys, { purpose: 'unsubscribe', subscriber: NOBODY, newsletter }));

export const domainOf = ({ sender }: Pick<Pieces, 'sender'>): string =>
  sender.address.slice(sender.address.lastIndexOf('@') + 1);
