/** Evidence on the logs of a control plane that has no audit log among them. */
export const NO_AUDIT_LOG = '^logging\\.clusterLogging (?!.*"audit")';
