import type { Newsletter } from '../../shared/config.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Instant } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';
import type { Subscribers } from '../../subscribers/ports.ts';
import type { Wire } from '../../wire/ports.ts';
import type { PieceShelf } from '../composing/pieces.s3.ts';
import type { Press } from '../composing/press.ts';
import type { EditionDoorbell, PageDoorbell } from '../doorbells.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { Checks } from '../preflight/ports.ts';

/** What it takes to bring an edition from its slot to its pages. */
export interface Planning {
  readonly ledger: Ledger;
  readonly wire: Wire;
  readonly subscribers: Pick<Subscribers, 'audience' | 'byIds'>;
  readonly press: Press;
  readonly shelf: PieceShelf;
  readonly editionsBell: Doorbell<EditionDoorbell>;
  readonly pagesBell: Doorbell<PageDoorbell>;
  /** With these the links are signed that count clicks. */
  readonly linkKeys: TokenKeys;
  /** What is looked at before an edition goes out; without it, nothing is. */
  readonly checks?: Checks;
  readonly now: () => Instant;
  /** Long work stops after so many milliseconds, writes down how far it is, and rings for itself. */
  readonly sliceMs: number;
}

/** `undefined`: it is no longer in the configuration. */
export const newsletterOf = (
  { press }: { readonly press: Pick<Press, 'newsroom'> },
  id: string,
): Newsletter | undefined => press.newsroom.newsletters.find((newsletter) => newsletter.id === id);

/** `again`: there is more to be done, at once. `later`: somebody has been rung for it. */
export type Step = 'again' | 'later';
