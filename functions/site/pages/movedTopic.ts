import { movedTopics } from '../../shared/config/topics.ts';
import { type Answer, redirect } from '../../shared/http/answer.ts';
import type { Site } from '../ports.ts';
import { FRESH_A_MINUTE, pageAnswer } from './page.ts';

/** What is answered for a topic that has another id by now, or was removed; `undefined` for every other. */
export const movedTopicAnswer = (
  site: Site,
  language: string,
  topic: string,
  pathOf: (topic: string) => string,
): Answer | undefined => {
  const { renamed, removed } = movedTopics(site.house.newsroom);
  const now = Object.hasOwn(renamed, topic) ? renamed[topic] : undefined;
  if (now !== undefined) return redirect(301, pathOf(now), { 'cache-control': FRESH_A_MINUTE });
  if (!removed.includes(topic)) return undefined;
  // 410: it was here, and will not come back (RFC 9110 section 15.5.11).
  return pageAnswer(site, 'topic-ended', { language, path: pathOf(topic), personal: true }, 410);
};
