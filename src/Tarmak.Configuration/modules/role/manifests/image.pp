# A temporary machine that is captured as an image.
class role::image {
  include profile::image
}
