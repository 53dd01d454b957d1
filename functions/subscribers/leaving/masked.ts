/** `maria@example.org` → `m…@e….org`: the owner knows it again, and whoever was forwarded the mail learns little. */
export const masked = (address: string): string => {
  const [local = '', domain = ''] = address.split('@');
  const last = domain.lastIndexOf('.');
  return `${local.slice(0, 1)}…@${domain.slice(0, 1)}…${domain.slice(last)}`;
};
