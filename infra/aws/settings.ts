import { z } from 'zod';

const schema = z.object({
  certificateArn: z
    .string()
    .regex(
      /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      'it must be the ARN of a certificate in us-east-1, the only region CloudFront takes them from',
    ),
  alarmsTo: z.email('it must be an e-mail address'),
});

export interface Settings {
  readonly certificateArn: string | undefined;
  readonly alarmsTo: string | undefined;
}

/** The two settings of `cdk.json` that are AWS's and not the newsroom's. Empty means not set yet. */
export const settingsOf = (contextOf: (key: string) => unknown): Settings => ({
  certificateArn: settingOf('certificateArn', contextOf),
  alarmsTo: settingOf('alarmsTo', contextOf),
});

const settingOf = (key: keyof Settings, contextOf: (key: string) => unknown): string | undefined => {
  const value = contextOf(key);
  if (value === undefined || value === '') return undefined;
  const parsed = schema.shape[key].safeParse(value);
  if (!parsed.success) throw new Error(`cdk.json: “context.${key}” is not right: ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
};
