import MarkdownIt from 'markdown-it';
import { InvalidInput } from '../shared/errors.ts';

/** More than any article; the worst Markdown costs the square of its length. */
const MOST_CHARACTERS = 200_000;

/**
 * Markdown (CommonMark, with tables) as HTML. The HTML that newsrooms put into their Markdown passes: what comes out
 * is as foreign as what went in, and goes through `cleanHtml`. Throws `InvalidInput` over 200,000 characters.
 */
export const htmlOfMarkdown = (markdown: string): string => {
  if (markdown.length > MOST_CHARACTERS) {
    throw new InvalidInput('The Markdown is over 200,000 characters, the most that is taken here.', {
      field: 'body',
      status: 413,
    });
  }
  return renderer().render(markdown);
};

let made: Renderer | undefined;

type Renderer = InstanceType<typeof MarkdownIt>;

const renderer = (): Renderer => {
  made ??= new MarkdownIt({ html: true, linkify: false, typographer: false, breaks: false });
  return made;
};
