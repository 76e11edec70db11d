waiver "residency/non-us-region-without-zdr-amendment" {
  subject     = "eu-*"
  reason      = "amendment in signature, ticket SEC-12"
  expires     = "2026-12-31"
  approved_by = "dpo@example.com"
}

waiver "residency/residency-not-approved" {
  subject = "eu-support"
  reason  = "approval asked for"
  expires = "2025-12-31"
}

unchecked "module.network" {
  reason  = "holds no OpenAI resources"
  expires = "2027-06-30"
}
