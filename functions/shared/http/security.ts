import type { Answer } from './answer.ts';

/** No scripts, no frames, nothing from elsewhere but pictures. A page that needs more says so itself. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' https: data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The headers that every answer carries. */
export const guarded = (answer: Answer): Answer => ({
  ...answer,
  headers: {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    ...((answer.headers['content-type'] ?? '').startsWith('text/html') && {
      'content-security-policy': CONTENT_SECURITY_POLICY,
    }),
    ...answer.headers,
  },
});
