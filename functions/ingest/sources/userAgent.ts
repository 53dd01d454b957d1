import type { Newsroom } from '../../shared/config.ts';

/** Who asks, and whom to write to if it asks too much: a program's name without a contact is soon blocked. */
export const userAgentOf = ({ sender }: Newsroom, siteUrl: string, version: string): string =>
  `Courant/${version} (+${siteUrl}; ${sender.replyTo ?? sender.address})`.replace(/[^\x20-\x7e]/g, '');
