import * as z from 'zod';

const share = z.number().min(0).max(1);

/** How mail leaves the house. */
export const mailSetting = z
  .strictObject({
    /** Mails of the daily quota that editions leave for confirmations; by default a fiftieth of it, at most 2,000. */
    reservePerDay: z.int().min(0).optional(),
  })
  .prefault({});

/** Some readers first: if many of their mails bounce or are called spam, nobody else gets it. */
export const firstShareSetting = z
  .strictObject({
    /** 0: everybody at once. */
    share: share.default(0.05),
    /** Never more readers than this. */
    atMost: z.int().min(1).default(1000),
    /** With fewer readers all of them get it at once. */
    fromAudience: z.int().min(1).default(2000),
    /** How long SES has to tell what became of the first ones. */
    waitMinutes: z.number().min(0).max(120).default(5),
  })
  .prefault({});

/** When an edition stops by itself. SES reviews an account at these shares. */
export const haltSetting = z
  .strictObject({
    /** Hard bounces of what was sent. */
    bounceShare: share.default(0.05),
    complaintShare: share.default(0.001),
    /** So many are needed before a share says anything. */
    bounces: z.int().min(1).default(10),
    complaints: z.int().min(1).default(3),
  })
  .prefault({});

/** `hold`: a person decides about mails that may have gone out. `resend`: after an hour they go out, perhaps twice. */
export const onUnknownSetting = z.enum(['hold', 'resend']).default('hold');
