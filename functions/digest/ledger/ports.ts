import type { Cadence } from '../../shared/config.ts';
import type { CurationVersion } from './curation.ts';
import type { Edition } from './edition.ts';
import type { Heard } from './heard.ts';
import type { Page } from './page.ts';
import type { Tally } from './tally.ts';
import type { Track } from './track.ts';

/**
 * Editions, their pages of deliveries, and how far each cadence has come. Everything is read consistently and saved
 * whole, in place of the version that was read: `undefined` means that somebody else was faster.
 */
export interface Ledger {
  edition(id: string): Promise<Edition | undefined>;
  /** `exists`: there is one with this id. */
  create(edition: Edition): Promise<'created' | 'exists'>;
  save(edition: Edition): Promise<Edition | undefined>;
  /** Newest first; `before` is the id of the last one already seen. */
  newest(newsletter: string, how: { before?: string; limit: number }): Promise<Edition[]>;
  /** Editions that are not over. Where one has just been made or has just ended, this may be a moment old. */
  open(): Promise<Edition[]>;

  track(newsletter: string, cadence: Cadence): Promise<Track | undefined>;
  /** Creates the track if there is none, and gives back the one that is there then. */
  openTrack(track: Track): Promise<Track>;
  saveTrack(track: Track): Promise<Track | undefined>;

  page(edition: string, page: number): Promise<Page | undefined>;
  /** `exists`: somebody has written this page; read it and go on from there. */
  addPage(page: Page): Promise<'added' | 'exists'>;
  savePage(page: Page): Promise<Page | undefined>;
  lastPage(edition: string): Promise<Page | undefined>;
  /** In order, behind `after`, the empty one at the end included. */
  pages(edition: string, how: { after: number; limit?: number }): Promise<Page[]>;
  /** Pages on which something is still to be done, in order; may be a moment old. */
  openPages(edition: string, limit: number): Promise<Page[]>;

  /** The sums of an edition's pages, in order. */
  tallies(edition: string): Promise<Tally[]>;
  tally(edition: string, group: number): Promise<Tally | undefined>;
  saveTally(tally: Tally): Promise<Tally | undefined>;

  /** What was heard of an edition's mails after they were sent, in order. */
  heard(edition: string): Promise<Heard[]>;
  heardOf(edition: string, group: number): Promise<Heard | undefined>;
  saveHeard(heard: Heard): Promise<Heard | undefined>;

  /** A version of an edition's curation; versions are never changed. */
  curation(edition: string, id: string): Promise<CurationVersion | undefined>;
  keepCuration(version: CurationVersion): Promise<void>;

  /** The id that belongs to this request: `id` if it is the first of its kind, else that of the first. */
  firstAsked(request: string, id: string): Promise<string>;
}
