/** Where the areas are deployed. */
export const ACCOUNT_ID = '123456789012';
export const REGION = 'us-east-1';
