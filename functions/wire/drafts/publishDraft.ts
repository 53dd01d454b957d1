import type { Appended, Appender } from '../append/append.ts';
import { type Drafts, type KeptDraft, wishOf } from './drafts.ts';

export interface DraftPorts {
  readonly appender: Pick<Appender, 'append'>;
  readonly drafts: Drafts;
}

/**
 * Brings a claimed draft onto the wire under the draft's id, then removes the draft. May be done twice and by several:
 * the wire decides, and the second finds the article there. Should another article have taken the draft's identity
 * meanwhile, the draft becomes its next revision.
 */
export const publishDraft = async ({ appender, drafts }: DraftPorts, claimed: KeptDraft): Promise<Appended> => {
  const appended = await appender.append(wishOf(claimed));
  const id = appended.entry?.article.id ?? appended.facts.current?.article.id;
  await drafts.remove(claimed, { keepText: id === claimed.id });
  return appended;
};

/** `undefined`: somebody changed it since it was read. */
export const claim = async ({ drafts }: DraftPorts, draft: KeptDraft): Promise<KeptDraft | undefined> => {
  if (draft.claimed) return draft;
  const claimed = { ...draft, claimed: true };
  return (await drafts.save(claimed, draft)) === 'written' ? claimed : undefined;
};
