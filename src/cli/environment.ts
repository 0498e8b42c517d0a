/**
 * Set before the AWS SDK loads, so imported first: the SDK's advice on Node versions is for those who
 * build on it, and would stand in the middle of a command's output.
 */
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

export {};
