import type { Newsletter } from '../../shared/config.ts';
import { cadencesOf } from '../../shared/config.ts';
import type { House } from '../../shared/page/house.ts';
import type { Choices } from '../subscriber.ts';
import { usualChoices, type Wish } from './wish.ts';

/**
 * The choices an invitation's link makes beforehand. It is somebody's text on somebody's site: what the newsletter does
 * not offer (any more) is left out, rather than shown as a fault to whoever was invited.
 */
export const invitedTo = ({ newsroom }: House, newsletter: Newsletter, wish: Wish, language: string): Choices => {
  const usual = usualChoices(newsletter, language);
  const languages = (wish.languages ?? []).filter((one) => newsletter.languages.includes(one));
  const topics = (wish.topics ?? []).filter((one) => newsroom.topics.some(({ id }) => id === one));
  return {
    ...usual,
    languages: languages.length > 0 ? [...new Set(languages)] : usual.languages,
    topics: [...new Set(topics)],
    cadence: cadencesOf(newsletter).find((one) => one === wish.cadence) ?? usual.cadence,
  };
};
