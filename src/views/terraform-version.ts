/**
 * The Terraform whose machine-readable formats ours follow. Scanners take a document for a plan only if it says which Terraform
 * made it, and programs that read the event stream look for its module.
 */
export const terraformVersion = '1.11.4'
