import { type Answer, html } from '../../shared/http/answer.ts';
import type { RawRequest } from '../../shared/http/request.ts';
import { preferredLanguage, renderPage } from '../../shared/page/house.ts';
import type { Site } from '../ports.ts';

/** Those that have words of their own; any other is said in the words of 400 or 500. */
const TOLD = new Set([400, 404, 405, 500]);

/** What a person sees where a page is missing or fails: in the language of the address, else of the browser. */
export const errorPage = ({ house }: Pick<Site, 'house'>, ask: RawRequest, answer: Answer): Answer => {
  const first = ask.path.split('/')[1];
  const known = house.newsroom.languages.find(({ id }) => id === first)?.id;
  const language = known ?? preferredLanguage(house.newsroom, ask.headers['accept-language']);
  const told = TOLD.has(answer.status) ? answer.status : answer.status < 500 ? 400 : 500;
  const page = renderPage(house, 'error', { language, path: ask.path, personal: true, told });
  return html(answer.status, page, {
    ...answer.headers,
    'content-type': 'text/html; charset=utf-8',
    'content-language': language,
    vary: 'Accept, Accept-Language',
  });
};
