/** Points the AWS SDK at emulators: the same clients, other addresses, and credentials that mean nothing. */
export const pointSdkAt = (urls: Partial<Record<'DYNAMODB' | 'S3' | 'SQS' | 'SNS' | 'SES', string>>): void => {
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // Whatever this machine's owner has set up for the real AWS stays out of it.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  for (const name of ['AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'])
    delete process.env[name];
  for (const [service, url] of Object.entries(urls)) process.env[`AWS_ENDPOINT_URL_${service}`] = url;
};
