import { isDeepStrictEqual } from 'node:util';
import { type Entry, isLive } from '../../wire/entry.ts';
import { authorSlugs } from '../authors.ts';
import { type Draft, listsOf, storyKey, touch } from './draft.ts';
import type { Place, StoryMember } from './listRows.ts';

/**
 * So many articles of one story and language are remembered. More are no story but a CMS that sends the same `story`
 * with everything, and a row must not grow with the archive.
 */
const MOST_MEMBERS = 12;

/**
 * Keeps who translates whom. A feed names an article's translations, so what changes among them touches the feeds of
 * all the others.
 */
export const foldStories = (draft: Draft, entry: Entry, former: Place | undefined, place: Place): void => {
  if (former?.story && (former.story !== place.story || former.language !== place.language)) {
    foldMembers(draft, entry, { story: former.story, language: former.language, member: null });
  }
  if (place.story) {
    const member = isLive(entry.kind) ? memberOf(entry) : null;
    foldMembers(draft, entry, { story: place.story, language: place.language, member });
  }
};

interface Membership {
  readonly story: string;
  readonly language: string;
  readonly member: StoryMember | null;
}

const foldMembers = (draft: Draft, entry: Entry, { story, language, member }: Membership): void => {
  const { seq, at, article } = entry;
  const key = storyKey({ story, language });
  const row = draft.stories.get(key);
  if (row && row.seq >= seq) {
    // The row was written before a crash; the touches perhaps not.
    touchFeedsOf(draft, story, seq);
    return;
  }
  const before = row?.members ?? [];
  const others = before.filter(({ id }) => id !== article.id);
  const members = [...others, ...(member ? [member] : [])].sort(byId).slice(-MOST_MEMBERS);
  // A revision that changes nothing here must not make the other languages' feeds new.
  if (isDeepStrictEqual(members, before)) return;
  // Whoever was in the story before, and whoever is after.
  touchFeedsOf(draft, story, seq);
  const next = { story, language, seq, at, members };
  draft.stories.set(key, next);
  draft.changed.add(next);
  touchFeedsOf(draft, story, seq);
};

const touchFeedsOf = (draft: Draft, story: string, seq: number): void => {
  for (const row of draft.stories.values()) {
    if (row.story !== story) continue;
    for (const { announced, ...member } of row.members) {
      if (announced) for (const list of listsOf({ ...member, language: row.language })) touch(draft, list, seq);
    }
  }
};

const memberOf = ({ article, announcedSeq }: Entry): StoryMember => ({
  id: article.id,
  topics: [...article.topics],
  authors: authorSlugs(article.authors),
  announced: announcedSeq !== null,
  url: article.url,
  slug: article.slug,
});

const byId = (a: StoryMember, b: StoryMember): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
