import { log } from '../../shared/log.ts';
import type { Format } from '../addresses.ts';
import type { Composed } from '../compose/compose.ts';
import { faultOf } from '../publish/check.ts';
import type { Renderers } from '../render/renderers.ts';

/** The document in this format, or `null` where it must not be published. What is wrong is told, with ids only. */
export const soundText = (
  format: Format,
  { document, expected, leftOut }: Composed,
  renderers: Renderers,
  feed: string,
): string | null => {
  const rendered = renderers[format](document);
  const missing = [...leftOut, ...rendered.leftOut];
  if (missing.length > 0) log.error('feeds.articles-left-out', { feed, format, articles: missing.join(' ') });
  const because = faultOf(format, rendered.text, expected);
  if (because === null) return rendered.text;
  log.error('feeds.refused', { feed, format, because });
  return null;
};
