resource "terraform_data" "queue" {
  input = { name = "jobs", region = "EU" }
}

resource "terraform_data" "worker" {
  count = 2
  input = { queue = terraform_data.queue.id, number = count.index }
}
