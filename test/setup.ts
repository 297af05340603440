import 'aws-sdk-client-mock-vitest/extend';

// Functions write their logs and numbers to standard output, where they would bury the results of tests.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';
