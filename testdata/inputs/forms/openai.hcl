organization {
  residency_approved = true
}

# Adds to the project of the plan what Terraform does not know.
project "eu-support" {
  address  = "openai_project.eu"
  base_url = "https://api.openai.com/v1"
}
