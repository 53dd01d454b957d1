/** What some work takes of the processor, in milliseconds: how busy the machine is says nothing of it. */
export const cpuMsOf = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
