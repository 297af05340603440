/** What is left out of the frameworks because no list of its requirements could be read. */
export const LEFT_OUT = 'CIS Amazon EKS Benchmark v2.0.0';
