"""What forms of school, sports and work physicals ask, and what people write on them."""

from __future__ import annotations

CHILD_CARE = ("Little Acorns Day Care", "Millbrook Preschool", "Ashby Head Start")
TITLES = {
    "small": ("CHILD CARE HEALTH REPORT", "Day Care / Preschool Physical", "CHILD HEALTH EXAMINATION FORM"),
    "school": ("PREPARTICIPATION PHYSICAL EVALUATION", "School Health Examination Form", "ATHLETIC PHYSICAL FORM"),
    "work": ("HEALTH EXAMINATION REPORT", "Pre-Placement Physical Examination", "STAFF / VOLUNTEER HEALTH FORM"),
}
NOUNS = {"small": ("Child's",), "school": ("Student's", "Child's", "Athlete's"), "work": ("Applicant's", "Employee's")}
SCHOOLS = (
    ("Millbrook Elementary", "Ashby Elementary"),
    ("Fairmount Middle School",),
    ("Larkspur Valley High School", "Port Harmon H.S."),
)
SPORTS = ("Soccer", "Track", "Basketball", "Softball", "Swimming", "Wrestling")
WORK = ("Teacher aide", "Bus driver", "Nursing student", "Camp counselor", "Food service", "Daycare staff")
QUESTIONS = (
    "Do you have any ongoing medical condition (asthma, diabetes, anemia)?",
    "Have you ever spent the night in the hospital?",
    "Have you ever had surgery?",
    "Have you ever passed out or nearly passed out during or after exercise?",
    "Has a doctor ever told you that you have a heart murmur or high blood pressure?",
    "Do you cough, wheeze or have difficulty breathing during or after exercise?",
    "Do you have a bone, muscle or joint injury that bothers you?",
    "Have you ever had a head injury or concussion?",
    "Do you take any prescription or over-the-counter medicines?",
    "Do you have any allergies (medicines, pollens, food, stinging insects)?",
)
ORGANS = (
    "Appearance",
    "Eyes / ears / nose / throat",
    "Lymph nodes",
    "Heart",
    "Lungs",
    "Abdomen",
    "Skin",
    "Back / neck",
)
CHILD_QUESTIONS = (
    "Does your child have any allergies (food, medicine, insects)?",
    "Does your child take any medicine every day?",
    "Has your child ever stayed in a hospital or had surgery?",
    "Was your child born early, or were there problems at birth?",
    "Does your child have asthma, wheezing or frequent ear infections?",
    "Has your child ever had a seizure?",
    "Do you have concerns about hearing, vision or speech?",
    "Do you have concerns about eating, growth or development?",
    "Are your child's immunizations up to date?",
    "Has your child been tested for lead?",
)
