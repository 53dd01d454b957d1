import type { Article } from '../../wire/article.ts';

/** Who stands where on a front page. Every article stands once. */
export interface FrontPlan {
  readonly lead: Article | undefined;
  readonly beside: readonly Article[];
  readonly strips: readonly { readonly topic: string; readonly articles: readonly Article[] }[];
  readonly more: readonly Article[];
}

/** One of this many newest articles leads: the newest that has a picture, so that one without may not push it away. */
const MAY_LEAD = 4;
const BESIDE = 2;
const PER_STRIP = 3;
const MORE = 12;

/**
 * Both lists newest first; `topics` in the newsroom's order. An article stands under the first of its topics, the one
 * that its own page names.
 */
export const planFront = (
  newest: readonly Article[],
  topics: readonly { readonly topic: string; readonly articles: readonly Article[] }[],
): FrontPlan => {
  const shown = new Set<string>();
  const take = (from: readonly Article[], most: number): Article[] => {
    const taken = from.filter(({ id }) => !shown.has(id)).slice(0, most);
    for (const { id } of taken) shown.add(id);
    return taken;
  };
  const lead = newest.slice(0, MAY_LEAD).find(({ image }) => image) ?? newest[0];
  if (lead) shown.add(lead.id);
  const beside = take(newest, BESIDE);
  const strips = topics
    .map(({ topic, articles }) => ({
      topic,
      articles: take(
        articles.filter((article) => article.topics[0] === topic),
        PER_STRIP,
      ),
    }))
    .filter(({ articles }) => articles.length > 0);
  return { lead, beside, strips, more: take(newest, MORE) };
};
