import { type Entry, isLive } from '../../wire/entry.ts';
import { feedKey } from '../addresses.ts';
import { authorList, authorSlug, authorSlugs } from '../authors.ts';
import { changesOf, type Draft, draftFrom, type Known, listsOf, sign, topicListsOf } from './draft.ts';
import { foldArchive } from './foldArchive.ts';
import { foldStories } from './foldStories.ts';
import type { Changes, Place } from './listRows.ts';

/**
 * Works out what these entries, in order, make of the lists. Every entry leaves its trace in every row it concerns, also
 * where a later one undoes it: only then does a builder that stalled between the two find its late put refused.
 */
export const fold = (entries: readonly Entry[], known: Known): Changes => {
  const draft = draftFrom(known);
  for (const entry of entries) foldEntry(draft, entry);
  return changesOf(draft);
};

const foldEntry = (draft: Draft, entry: Entry): void => {
  const former = draft.places.get(entry.article.id);
  // The place is written last, so everything of this entry is there.
  if (former && former.seq >= entry.seq) return;
  const place = placeOf(entry, former);
  foldNews(draft, entry, former, place);
  foldDates(draft, entry, former, place);
  foldStories(draft, entry, former, place);
  draft.places.set(place.id, place);
  draft.changed.add(place);
};

const placeOf = ({ seq, at, announcedSeq, article }: Entry, former: Place | undefined): Place => ({
  id: article.id,
  seq,
  language: article.language,
  topics: article.topics,
  authors: authorSlugs(article.authors),
  publishedAt: article.publishedAt,
  story: article.story,
  announcedSeq,
  announcedAt: announcedSeq === null ? null : announcedSeq === seq ? at : (former?.announcedAt ?? at),
});

const foldNews = (draft: Draft, entry: Entry, former: Place | undefined, place: Place): void => {
  const { announcedSeq, announcedAt } = place;
  if (announcedSeq === null || announcedAt === null) return;
  const { seq, at, kind, reason } = entry;
  const entered = new Set(isLive(kind) ? listsOf(place).map(feedKey) : []);
  const left = former && former.announcedSeq !== null ? listsOf(former) : [];
  const wasIn = new Set(left.map(feedKey));
  for (const list of [...left, ...listsOf(place)]) {
    const gone = entered.has(feedKey(list)) ? null : goneBy(kind);
    const row = { list, announcedSeq, announcedAt, id: place.id, seq, at, gone, reason: gone ? reason : null };
    draft.news.set(`${feedKey(list)}/${announcedSeq}`, row);
    const isNew = entered.has(feedKey(list)) && !wasIn.has(feedKey(list));
    foldArchive(draft, { list, seq, announcedSeq, isNew });
  }
  if (isLive(kind)) signAll(draft, entry);
};

const signAll = (draft: Draft, { seq, article: { authors, language } }: Entry): void => {
  for (const { name } of authors) {
    const slug = authorSlug(name);
    if (slug !== null) sign(draft, { list: authorList(language, slug), seq, name });
  }
};

const goneBy = (kind: Entry['kind']): 'moved' | 'retracted' | 'expired' =>
  kind === 'retracted' || kind === 'expired' ? kind : 'moved';

const foldDates = (draft: Draft, { seq, kind }: Entry, former: Place | undefined, place: Place): void => {
  const put = ({ id, publishedAt, ...at }: Place, gone: boolean): void => {
    for (const list of topicListsOf(at)) {
      draft.dates.set(`${feedKey(list)}/${publishedAt}/${id}`, { list, publishedAt, id, seq, gone });
    }
  };
  if (former) put(former, true);
  put(place, !isLive(kind));
};
