import type { Newsroom } from '../../shared/config.ts';
import type { House } from '../../shared/page/house.ts';
import type { Templates } from '../../shared/page/templates.ts';

/** What mails are made with: of a house all but its version. */
export interface Press {
  readonly newsroom: Newsroom;
  readonly templates: Pick<Templates, 'render' | 'renderText' | 'say'>;
  readonly siteUrl: House['siteUrl'];
}
