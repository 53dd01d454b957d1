import type { Mailer } from '../../mail/mailer.ts';
import type { MailSpaces } from '../../mail/space.ts';
import type { Speed } from '../../mail/speed.ts';
import type { Doorbell } from '../../shared/storage/doorbell.ts';
import type { Instant } from '../../shared/time.ts';
import type { TokenKeys } from '../../shared/tokenKeys.ts';
import type { Subscribers } from '../../subscribers/ports.ts';
import type { Pieces } from '../composing/pieces.ts';
import type { EditionDoorbell, PageDoorbell } from '../doorbells.ts';
import type { Edition } from '../ledger/edition.ts';
import type { Ledger } from '../ledger/ports.ts';

/** What it takes to send a page. */
export interface Sending {
  readonly ledger: Ledger;
  readonly subscribers: Pick<Subscribers, 'byIds'>;
  /** What the edition's mails are joined from, as it is true now. */
  readonly piecesOf: (edition: Edition) => Promise<Pieces>;
  readonly mailer: Pick<Mailer, 'send'>;
  /** Where mails are put together; one page at a time writes into one. */
  readonly spaces: MailSpaces;
  readonly speed: Speed;
  /** With these the links in a mail are signed. */
  readonly linkKeys: TokenKeys;
  readonly siteUrl: string;
  readonly editionsBell: Doorbell<EditionDoorbell>;
  readonly pagesBell: Doorbell<PageDoorbell>;
  readonly now: () => Instant;
  /** Names a claim: nobody else has the same. */
  readonly newClaim: () => string;
}
