import { Parser } from 'htmlparser2';
import { decodePart } from '../../mail/mime.ts';
import { partOf } from '../../mail/readPart.ts';
import { leadsTo } from '../composing/counted.ts';
import type { Pieces } from '../composing/pieces.ts';
import type { Finding } from '../ledger/preflight.ts';
import { type Checks, type Found, inTime, type Looked } from './ports.ts';
import type { Specimen } from './specimens.ts';

type Looks = ReadonlyMap<string, Looked>;

/** More are in no honest edition, and ten seconds are not enough for them. */
const MOST_ADDRESSES = 200;
const AT_ONCE = 20;

/**
 * Looks at every picture, every link that leaves our site, and what an editor typed: of our own links we know. Of a link
 * that counts clicks it is looked where it leads; following it would be a click.
 */
export const linkFindings = async (
  { web }: Pick<Checks, 'web'>,
  { pieces, specimens, siteUrl }: { pieces: Pieces; specimens: readonly Specimen[]; siteUrl: string },
  outOfTime: Promise<unknown>,
): Promise<Found> => {
  const links = new Map([...typedLinks(pieces), ...linksIn(specimens, siteUrl, leadsTo(pieces))]);
  const pictures = picturesIn(pieces);
  const addresses = [...new Set([...pictures.map(({ url }) => url), ...links.keys()])];
  const looks = await lookAtAll(web, addresses.slice(0, MOST_ADDRESSES), outOfTime);
  const isOnline = [...looks].some(([url, { is }]) => !url.startsWith(siteUrl) && (is === 'there' || is === 'gone'));
  const seen = (url: string): Looked => understood(looks.get(url), isOnline);
  return {
    warnings: [
      ...pictures.flatMap((picture) => pictureFindings(picture, seen(picture.url))),
      ...[...links].flatMap(([url, language]) => {
        const look = seen(url);
        const sentence = `The link ${shortened(url)} is dead: ${'because' in look ? look.because : ''}.`;
        return look.is === 'gone' ? [{ code: 'link', language, sentence }] : [];
      }),
    ],
    unchecked: uncheckedOf(addresses, seen),
    leftOut: pictures.filter(({ url }) => isDeadPicture(seen(url))).map(({ url }) => url),
    answered: isOnline,
  };
};

/** Where not one name is known, it is the network that is missing. */
const understood = (look: Looked | undefined, isOnline: boolean): Looked => {
  if (!look) return { is: 'unclear', because: 'there was no time for it' };
  if (look.is !== 'nameless') return look;
  return { is: isOnline ? 'gone' : 'unclear', because: 'its name is not known' };
};

interface Picture {
  readonly url: string;
  readonly alt: string;
  readonly title: string;
  readonly language: string;
}

const picturesIn = ({ articles }: Pieces): Picture[] =>
  articles.flatMap(({ image, title, language }) => (image ? [{ ...image, title, language }] : []));

export const LEFT_OUT = 'image-left-out';

const pictureFindings = ({ title, alt, language }: Picture, look: Looked): Finding[] => {
  if (isDeadPicture(look)) {
    const because = 'because' in look ? look.because : 'it is no picture';
    const sentence = `The picture of “${shortened(title)}” is dead (${because}): mails go without it.`;
    return [{ code: LEFT_OUT, language, sentence }];
  }
  if (alt.trim() !== '') return [];
  return [{ code: 'alt', language, sentence: `The picture of “${shortened(title)}” has no alternative text.` }];
};

/** What says that it is a page is no picture, whatever its status. */
const isDeadPicture = (look: Looked): boolean =>
  look.is === 'gone' || (look.is === 'there' && look.type.startsWith('text/'));

const uncheckedOf = (addresses: readonly string[], seen: (url: string) => Looked): Finding[] => {
  const unclear = addresses.filter((url) => seen(url).is === 'unclear');
  const [first] = unclear;
  if (first === undefined) return [];
  const look = seen(first);
  const because = 'because' in look ? look.because : look.is;
  const others = unclear.length > 1 ? `, nor of ${unclear.length - 1} more` : '';
  const sentence = `Nobody knows whether ${shortened(first)} is there (${because})${others}.`;
  return [{ code: 'links', sentence }];
};

const lookAtAll = async (
  web: Checks['web'],
  addresses: readonly string[],
  outOfTime: Promise<unknown>,
): Promise<Looks> => {
  const looks = new Map<string, Looked>();
  const waiting = [...addresses];
  const worker = async (): Promise<void> => {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
      const look = await inTime(web.look(url), outOfTime, undefined);
      if (!look) return;
      looks.set(url, look);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return looks;
};

/** The links that lead away from us, with the language of the first mail they are in. */
const linksIn = (
  specimens: readonly Specimen[],
  siteUrl: string,
  counted: ReadonlyMap<string, string>,
): Map<string, string> => {
  const links = new Map<string, string>();
  // What stands in a mail of one language is of that language.
  const aloneFirst = [...specimens].sort((a, b) => Number(b.alone) - Number(a.alone));
  for (const { language, raw } of aloneFirst) {
    for (const written of hrefsIn(partOf(raw, 'text/html'))) {
      const href = counted.get(written) ?? written;
      const isForeign = href !== siteUrl && !href.startsWith(`${siteUrl}/`);
      if (isForeign && !links.has(href)) links.set(href, language);
    }
  }
  return links;
};

/** Whoever types an address mistypes it, be it one of ours. */
const typedLinks = ({ shells }: Pieces): [string, string][] =>
  [...shells].flatMap(([language, { intro }]) =>
    hrefsIn(decodePart(intro?.html.toString('latin1') ?? '')).map((href): [string, string] => [href, language]),
  );

const hrefsIn = (html: string): string[] => {
  const hrefs: string[] = [];
  const parser = new Parser({
    onopentag(name, { href = '' }) {
      if (name === 'a' && /^https?:\/\//.test(href)) hrefs.push(href);
    },
  });
  parser.end(html);
  return hrefs;
};

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
