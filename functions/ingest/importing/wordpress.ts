import * as z from 'zod';
import { textIn } from '../../border/xml.ts';
import { JobFailed } from '../../shared/job/runJob.ts';
import type { Archive, Found, Piece } from './archive.ts';
import { itemsIn } from './wordpressItems.ts';
import { foundIn, type Picture, pictureIn, readPost } from './wordpressPost.ts';

/** Longer than any post. */
const PIECE_BYTES = 4 * 1024 * 1024;
/** So many posts at a time are put on the wire between two checkpoints. */
const MOST_ITEMS = 50;

const place = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('pictures'), at: z.int(), kept: z.int() }),
  z.object({ phase: z.literal('posts'), at: z.int(), kept: z.int() }),
]);
type Place = z.output<typeof place>;

const picturesKept = z.array(z.object({ id: z.string(), url: z.string(), alt: z.string() }));
const authorsKept = z.array(z.tuple([z.string(), z.string()]));

export interface ArchiveFile {
  readonly size: number;
  read(from: number, length: number): Promise<Uint8Array>;
  /** Something worked out on the way that later pieces need: small, and the same each time. */
  keep(name: string, value: unknown): Promise<void>;
  kept(name: string): Promise<unknown>;
}

interface Reading {
  readonly language: string;
  readonly links: 'theirs' | 'ours';
}

/**
 * A WordPress export (WXR 1.1 and 1.2), of any length. It is gone through twice: posts name their pictures by a
 * number, and the picture may stand after the post.
 */
export const wordpressArchive = (file: ArchiveFile, reading: Reading): Archive => {
  let known: { pictures: ReadonlyMap<string, Picture>; authors: ReadonlyMap<string, string> } | undefined;

  const pictures = async ({ at, kept }: Place): Promise<Piece> => {
    const bytes = await file.read(at, PIECE_BYTES);
    const { items, upTo } = itemsIn(bytes);
    const found = items.flatMap(({ start, end }) => {
      const text = textOf(bytes.subarray(start, end));
      // Most items are posts: only what may be a picture is read as XML.
      const post = text.includes('attachment') ? readPost(text) : undefined;
      return (post?.is === 'post' && pictureIn(post.item)) || [];
    });
    await file.keep(`pictures-${kept}`, found);
    if (at === 0) await file.keep('authors', authorsIn(textOf(bytes.subarray(0, items[0]?.start ?? bytes.length))));
    const next = nextAt(at, upTo, bytes, file.size);
    const following: Place =
      next === undefined ? { phase: 'posts', at: 0, kept: kept + 1 } : { phase: 'pictures', at: next, kept: kept + 1 };
    return { found: [], next: following, done: next ?? file.size, of: 2 * file.size };
  };

  const knownOf = async (kept: number) => {
    if (known) return known;
    const all = await Promise.all(Array.from({ length: kept }, (_, i) => file.kept(`pictures-${i}`)));
    const found = all.flatMap((one) => picturesKept.parse(one));
    const authors = new Map(authorsKept.parse(await file.kept('authors')));
    known = { pictures: new Map(found.map((one) => [one.id, one])), authors };
    return known;
  };

  const posts = async ({ at, kept }: Place): Promise<Piece> => {
    const bytes = await file.read(at, PIECE_BYTES);
    const { items, upTo } = itemsIn(bytes);
    const now = items.slice(0, MOST_ITEMS);
    const about = { ...reading, ...(await knownOf(kept)) };
    const found: Found[] = now.map(({ start, end }): Found => {
      const post = readPost(textOf(bytes.subarray(start, end)));
      if (post.is === 'refused')
        return { is: 'refused', name: `the item at byte ${at + start}`, because: post.because };
      return foundIn(post.item, about);
    });
    const used = now.length < items.length ? (now.at(-1)?.end ?? 0) : upTo;
    const next = nextAt(at, used, bytes, file.size);
    if (next === undefined && isCutOff(bytes.subarray(used)))
      found.push({ is: 'refused', name: `the item at byte ${at + used}`, because: CUT_OFF });
    return {
      found,
      next: next === undefined ? null : { phase: 'posts', at: next, kept },
      done: file.size + (next ?? file.size),
      of: 2 * file.size,
    };
  };

  return {
    async read(from) {
      if (from !== null) {
        const at = place.parse(from);
        return at.phase === 'pictures' ? pictures(at) : posts(at);
      }
      const head = textOf(await file.read(0, 64 * 1024));
      if (!/<rss[\s>]/.test(head) || !head.includes('wordpress.org/export/'))
        throw new JobFailed('The file is no WordPress export: it does not begin as one (Tools → Export in WordPress).');
      return pictures({ phase: 'pictures', at: 0, kept: 0 });
    },
  };
};

/** `undefined` at the end. An item that does not end within a piece ends the import: nothing after it could be trusted. */
const nextAt = (at: number, used: number, bytes: Uint8Array, size: number): number | undefined => {
  if (at + bytes.length >= size) return used === 0 || at + used >= size || bytes.length === 0 ? undefined : at + used;
  if (used === 0) throw new JobFailed(`The export breaks off, or has an item of over 4 MB, at byte ${at}.`);
  return at + used;
};

/** Said of an item that has no end; what came before it is sound. */
const CUT_OFF = 'the export breaks off in it: make it again, or send the rest';
const isCutOff = (rest: Uint8Array): boolean => /^\s*<item[\s>]/.test(textOf(rest.subarray(0, 100)));

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** `wp:author` stands before the first item: login names and the names people are shown by. */
const authorsIn = (head: string): [string, string][] =>
  [...head.matchAll(/<wp:author>[\s\S]{0,5000}?<\/wp:author>/g)].flatMap(([author]) => {
    const read = readPost(author);
    const login = read.is === 'post' ? textIn(read.item, 'wp:author_login') : undefined;
    const name = read.is === 'post' ? textIn(read.item, 'wp:author_display_name') : undefined;
    return login !== undefined && name !== undefined ? [[login, name] as [string, string]] : [];
  });
