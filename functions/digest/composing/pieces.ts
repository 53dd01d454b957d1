import type { Cadence } from '../../shared/config.ts';
import type { Earlier } from '../planning/bounds.ts';
import type { Choosable, Correctable, Past } from './choice.ts';

/**
 * An edition rendered and encoded once: from these pieces each reader's mail is joined. All buffers are
 * quoted-printable as `encodePart` makes it, so that they may stand in any order.
 */
export interface Pieces extends Past {
  readonly edition: string;
  readonly newsletter: string;
  readonly cadence: Cadence;
  readonly sender: { readonly name: string; readonly address: string; readonly replyTo: string | null };
  readonly unsubscribeAddress: string;
  /** Ids in the order of the configuration: that of the sections. */
  readonly topics: readonly string[];
  /** By language. */
  readonly shells: ReadonlyMap<string, Shell>;
  /** Newest first, but for what an editor put in front. */
  readonly articles: readonly ArticlePiece[];
  /** All earlier editions of the newsletter that matter, by which a reader's own past is worked out. */
  readonly editions: readonly Earlier[];
  /** Of what earlier editions told, in the order of the wire. */
  readonly corrections: readonly CorrectionPiece[];
  /** Whether a correction is worth a mail of its own. */
  readonly alone: boolean;
}

/** A part of a mail in both its forms. */
export interface Block {
  readonly html: Buffer;
  readonly text: Buffer;
}

/** A link that is counted: it leads over us. Nothing in it needs escaping. */
export interface Counted {
  readonly link: string;
  /** Where it leads: the article's own address. */
  readonly address: string;
}

/** `ALSO`: what the address of the edition's page says of the reader's other languages. */
export const HOLES = ['PREHEADER', 'CONTENT', 'ALSO', 'UNSUBSCRIBE_URL', 'PREFERENCES_URL'] as const;
export type Hole = (typeof HOLES)[number];
export type Strip = Buffer | Hole;

/** A part of a mail that has holes. */
export interface Cut {
  readonly html: readonly Strip[];
  readonly text: readonly Strip[];
}

export const filled = (
  strips: readonly Strip[],
  holes: Readonly<Partial<Record<Hole, readonly Buffer[]>>>,
): Buffer[] => {
  const joined: Buffer[] = [];
  for (const strip of strips) {
    if (typeof strip !== 'string') joined.push(strip);
    else joined.push(...(holes[strip] ?? []));
  }
  return joined;
};

/** What stands around the articles, in one language. */
export interface Shell extends Cut {
  /** The newsletter's name. */
  readonly label: string;
  /** Where earlier editions are to be read. */
  readonly archiveUrl: string;
  /** An editor's, instead of the lead's title. */
  readonly subject: string | null;
  /** How the mail begins: what an editor says before the news, else a greeting. */
  readonly intro: Block | null;
  /** The heading over what has to be put right. */
  readonly corrections: Block;
  /** Headings by topic; `''` stands over articles without one. */
  readonly sections: ReadonlyMap<string, Block>;
  /** “So many more on the web”, from 1; empty where all that is new fits into one mail. */
  readonly more: readonly Cut[];
  /** The same of corrections. */
  readonly moreCorrections: readonly Cut[];
}

export interface ArticlePiece extends Choosable {
  readonly revision: number;
  readonly title: string;
  readonly summary: string;
  readonly hasImage: boolean;
  readonly image: { readonly url: string; readonly alt: string } | null;
  /** An editor wants it first, and as the lead. */
  readonly pinned: boolean;
  /** An editor wants it next: it leads where nothing is pinned, and its section comes before those he said nothing of. */
  readonly ordered: boolean;
  /** The story in other languages, for whoever reads these too. */
  readonly others: readonly {
    readonly id: string;
    readonly language: string;
    readonly counted: Counted | null;
    readonly block: Block;
  }[];
  /** The link its HTML has instead of its address; `null` where no clicks are counted. */
  readonly counted: Counted | null;
  /** As the first of a mail. */
  readonly lead: Block;
  /** As one of many. */
  readonly block: Block;
}

export interface CorrectionPiece extends Correctable {
  readonly language: string;
  /** For a mail in which there is nothing else. */
  readonly subject: string;
  readonly note: string;
  readonly block: Block;
}

export const bytesOf = (block: Block): number => block.html.length + block.text.length;

export const cutBytes = ({ html, text }: Cut): number =>
  [...html, ...text].reduce((sum, strip) => sum + (typeof strip === 'string' ? HOLE_BYTES : strip.length), 0);

/** About as long as what fills a hole. */
const HOLE_BYTES = 250;
