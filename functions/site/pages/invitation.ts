import { labelIn, type Newsroom } from '../../shared/config.ts';

/** The newsletter that a page in this language offers, if there is one in this language. */
export const invitationIn = (newsroom: Newsroom, language: string) => {
  const newsletter = newsroom.newsletters.find(({ languages }) => languages.includes(language));
  return newsletter
    ? {
        label: labelIn(newsletter.label, language, newsroom),
        description: labelIn(newsletter.description, language, newsroom),
      }
    : null;
};
