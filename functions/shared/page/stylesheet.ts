import { sha256 } from '../hash.ts';
import type { House } from './house.ts';

export interface Stylesheet {
  readonly css: string;
  /** Part of its address, so that a browser may keep it for ever and still sees a change at once. */
  readonly version: string;
}

const TEMPLATE = 'site/site.css.liquid';

const made = new WeakMap<object, Stylesheet>();

/** The stylesheet in the newsroom's look, rendered once per house. */
export const stylesheetOf = (house: Pick<House, 'newsroom' | 'templates'>): Stylesheet => {
  const known = made.get(house);
  if (known) return known;
  const css = house.templates.render(TEMPLATE, { language: '', newsroom: house.newsroom });
  const stylesheet = { css, version: sha256(css).slice(0, 12) };
  made.set(house, stylesheet);
  return stylesheet;
};
