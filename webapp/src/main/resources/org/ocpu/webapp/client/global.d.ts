
declare global {
  /** Of the classic script. */
  const ocpu: Ocpu;
}
